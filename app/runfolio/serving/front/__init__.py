"""The server's process: HTTP, its limits and its figures; models answer in processes of their own."""
