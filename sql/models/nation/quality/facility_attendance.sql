{{ config(schema='marts', contract={'enforced': true}) }}

with

facilities as (

    select * from {{ ref('stg_lake__facilities') }}

),

facility_pulls as (

    select * from {{ ref('stg_lake__facility_pulls') }}

),

senders as (

    select * from {{ ref('dim_facilities') }}

),

-- Forms of a local dose audit; a form covers a calendar year.
forms as (

    select
        facility_id,
        count(*) as n_summaries,
        make_date(max(period), 12, 31) as last_day
    from {{ ref('int_facility_summaries') }}
    where exclusion_reason is distinct from 'summary_superseded'
    group by facility_id

),

named as (

    select facility_id from facilities
    union
    select facility_id from facility_pulls
    union
    select facility_id from senders
    union
    select facility_id from forms

),

-- Independent of the current date: a facility is late if its newest study is more than two of its
-- submission intervals older than the nation's newest, so that facilities that submit on different
-- days of the month are not late.
latest as (

    select max(last_study_date) as latest_study_date from senders

),

joined as (

    select
        named.facility_id,
        facilities.name as facility_name,
        facilities.region,
        facilities.facility_type,
        facilities.cadence,
        facilities.facility_id is not null as is_registered,
        facilities.until,
        latest.latest_study_date,
        coalesce(senders.n_received, 0) as n_received,
        coalesce(forms.n_summaries, 0) as n_summaries,
        facility_pulls.outcome as last_visit,
        facility_pulls.reason_code,
        coalesce(facility_pulls.files_incomplete, 0)::bigint as n_files_incomplete,
        coalesce(
            latest.latest_study_date - senders.last_study_date,
            case
                when forms.last_day is not null
                    then greatest(latest.latest_study_date - forms.last_day, 0)
            end
        ) as n_days_behind
    from named
    cross join latest
    left join facilities on named.facility_id = facilities.facility_id
    left join facility_pulls on named.facility_id = facility_pulls.facility_id
    left join senders on named.facility_id = senders.facility_id
    left join forms on named.facility_id = forms.facility_id

),

final as (

    select
        * exclude (until, latest_study_date),
        case
            when until < latest_study_date then 'left'
            when last_visit = 'failed' then 'visit_failed'
            when n_received = 0 and n_summaries = 0 then 'missing'
            when
                n_received = 0 and n_days_behind <= 2 * {{ cadence_days("'yearly'") }}
                then 'present'
            when n_days_behind > 2 * {{ cadence_days('cadence') }} then 'late'
            when n_files_incomplete > 0 then 'incomplete'
            else 'present'
        end as attendance
    from joined

)

select * from final
