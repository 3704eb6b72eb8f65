"""What tables of judgement say beside the document: paragraphs cited, themes of measures, series of activities."""
