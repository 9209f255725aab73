"""Tables as people have them: XLSX, XLS, ODS and CSV files, read in a process of their own."""
