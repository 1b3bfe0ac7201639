with

sent as (

    select
        facility_id,
        min(first_study_date) as first_date,
        max(last_study_date) as last_date,
        count(*) as n_submissions,
        count(*) filter (where status = 'held') as n_held,
        sum(n_received) as n_received,
        sum(n_accepted) as n_accepted,
        sum(n_held) as n_objects_held,
        sum(n_quarantined) as n_quarantined,
        sum(n_duplicate) as n_duplicate,
        sum(n_examinations) as n_examinations,
        sum(n_unmapped_examinations) as n_unmapped
    from marts.submission_quality
    group by facility_id

),

compared as (

    select
        facility_id,
        count(*) filter (where ratio_to_national_drl is not null) as n_compared,
        count(*) filter (
            where position in ('above', 'possibly_above', 'consistently_above')
        ) as n_above
    from marts.facility_drl_comparisons
    where
        method_id = $method_id
        and period = $period
    group by facility_id

),

final as (

    select
        sent.facility_id,
        year(sent.first_date) || ' Q' || quarter(sent.first_date)
        || ' – ' || year(sent.last_date) || ' Q' || quarter(sent.last_date) as quarters,
        sent.n_submissions,
        sent.n_held,
        cast(sent.n_received as bigint) as n_received,
        cast(sent.n_accepted as bigint) as n_accepted,
        cast(sent.n_objects_held as bigint) as n_objects_held,
        cast(sent.n_quarantined as bigint) as n_quarantined,
        cast(sent.n_duplicate as bigint) as n_duplicate,
        cast(sent.n_examinations as bigint) as n_examinations,
        cast(sent.n_unmapped as bigint) as n_unmapped,
        coalesce(compared.n_compared, 0) as n_compared,
        coalesce(compared.n_above, 0) as n_above
    from sent
    left join compared on sent.facility_id = compared.facility_id
    order by sent.facility_id

)

select * from final
