"""What is kept of each run beside what its script logs: code, machine, packages, output, load and failure.

All of it is gathered off the script's thread, and each part can be switched off: `RUNFOLIO_CAPTURE_<PART>=0`, or all
of them with `RUNFOLIO_CAPTURE=0`.
"""
