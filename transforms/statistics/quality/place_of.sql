-- The area, period and breakdown of a figure, a row of fact_statistic, for a sentence: TJ, 2015, M, Y0T4.
CREATE TEMP MACRO place_of(f) AS
concat_ws(', ', f.ref_area, f.time_period, nullif(f.sex, '_T'), nullif(f.age, '_T'), nullif(f.urbanisation, '_T'),
          nullif(f.income_wealth_quantile, '_T'), nullif(f.education_lev, '_T'), nullif(f.disability_status, '_T'),
          nullif(f.other_breakdown, '_T'))
