"""Arrays in files: NumPy's and safetensors'; mapped into memory, never unpickled."""
