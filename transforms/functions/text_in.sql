-- A text of a plan in a language: its translation in `dim_translation`, or the text itself, after a mark such as [en] if that
-- is another language. Arguments: the id and the column that the text is of, the text, its own language
-- (`dim_document.language`), the language asked for. Where the text's own language is not known, its letters tell: without a
-- Cyrillic letter it is not Russian or Tajik, without a Latin one not English, and the mark is [und] (undetermined).
-- parameters: item, of_column, printed, printed_in, wanted
CASE WHEN printed IS NULL OR printed_in = wanted THEN printed
     ELSE coalesce(
         (SELECT t.text FROM dim_translation AS t WHERE t.id = item AND t.column_name = of_column AND t.language = wanted),
         CASE WHEN printed_in IS NULL AND (NOT regexp_matches(printed, '\pL')
                   OR regexp_matches(printed, CASE WHEN wanted = 'en' THEN '[A-Za-z]' ELSE '\p{Cyrillic}' END))
              THEN printed
              ELSE '[' || coalesce(printed_in, 'und') || '] ' || printed END)
END
