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

-- What a facility has sent includes its forms.
forms as (

    select
        facility_id,
        count(*) as n_summaries
    from marts.facility_summaries
    where exclusion_reason is distinct from 'summary_superseded'
    group by facility_id

),

senders as (

    select facility_id from sent
    union
    select facility_id from forms

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
        senders.facility_id,
        year(sent.first_date) || ' Q' || quarter(sent.first_date)
        || ' – ' || year(sent.last_date) || ' Q' || quarter(sent.last_date) as quarters,
        coalesce(sent.n_submissions, 0) as n_submissions,
        coalesce(sent.n_held, 0) as n_held,
        cast(coalesce(sent.n_received, 0) as bigint) as n_received,
        cast(coalesce(sent.n_accepted, 0) as bigint) as n_accepted,
        cast(coalesce(sent.n_objects_held, 0) as bigint) as n_objects_held,
        cast(coalesce(sent.n_quarantined, 0) as bigint) as n_quarantined,
        cast(coalesce(sent.n_duplicate, 0) as bigint) as n_duplicate,
        cast(coalesce(sent.n_examinations, 0) as bigint) as n_examinations,
        cast(coalesce(sent.n_unmapped, 0) as bigint) as n_unmapped,
        coalesce(forms.n_summaries, 0) as n_summaries,
        coalesce(compared.n_compared, 0) as n_compared,
        coalesce(compared.n_above, 0) as n_above
    from senders
    left join sent on senders.facility_id = sent.facility_id
    left join forms on senders.facility_id = forms.facility_id
    left join compared on senders.facility_id = compared.facility_id
    order by senders.facility_id

)

select * from final
