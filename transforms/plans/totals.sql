-- One row: how much all plans of a release hold. Second prints are among the activities; an agency is responsible if an
-- activity that is no second print names it.
SELECT {
    'plans': (SELECT count(*) FROM dim_plan),
    'measures': (SELECT count(*) FROM dim_measure),
    'activities': (SELECT count(*) FROM dim_activity),
    'second_prints': (SELECT count(duplicate_of) FROM dim_activity),
    'agencies': (SELECT count(*) FROM dim_agency),
    'responsible_agencies': (SELECT count(DISTINCT agency_id) FROM responsibilities)
} AS totals
