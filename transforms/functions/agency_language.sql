-- The language that an agency is named in: that of the documents of its country (`dim_document.language`). NULL where one of
-- them does not state its language, or where they differ.
-- parameters: agency
(SELECT CASE WHEN count(*) = count(d.language) AND min(d.language) = max(d.language) THEN min(d.language) END
 FROM dim_agency AS g JOIN dim_plan AS p ON p.country_code = g.country_code
 JOIN dim_document AS d ON d.document_id = p.document_id
 WHERE g.agency_id = agency)
