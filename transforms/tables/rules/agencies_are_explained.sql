-- An agency is explained by a glossary or by a row of agencies.csv and an alias that leads to it.
SELECT agency_id AS place, 'nobody explains the agency' AS fault
FROM dim_agency
WHERE NOT in_glossary AND agency_id NOT IN (SELECT agency_id FROM dim_agency_alias) ORDER BY agency_id
