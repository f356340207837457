"""Tables in files: CSV, Parquet, Arrow and what scripts log as tables; looked at, sorted and summed up alike."""
