-- The English sentence of a row of `quality_message`, filled with `arguments`, a JSON object of placeholder → text or whole
-- number. Values are put in once: braces in them mean nothing. A placeholder without a value, or a sentence that is not in
-- the catalogue, is an error.
CREATE OR REPLACE TEMP MACRO rendered(pieces, pieces_plural, arguments) AS
coalesce(array_to_string(list_transform(
    CASE WHEN pieces_plural IS NULL OR arguments ->> 'n' = '1' THEN pieces ELSE pieces_plural END,
    lambda piece: CASE WHEN piece[1] <> '{' THEN piece
                       ELSE coalesce(arguments ->> piece[2:-2], error('there is no value for ' || piece)) END
), ''), error('the sentence is not in messages.csv'))
