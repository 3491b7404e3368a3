"""Tables of questions and answers: CSV, Excel, OpenDocument; which column is what is proposed and may be said."""
