with

decisions as (

    select * from {{ ref('disclosure_decisions') }}

),

published as (

    select
        {{ disclosed(
            restricted=ref('national_drls'),
            decisions=ref('disclosure_decisions'),
            repeated=ref('stg_releases__national_drls'),
            key=[
                'method_id', 'method_version', 'period',
                'procedure_id', 'patient_group_id', 'drl_quantity',
            ],
            columns={
                'status': 'word',
                'n_facilities': 'count',
                'n_examinations': 'examinations',
                'p25': 'value',
                'p50': 'value',
                'p75': 'value',
                'national_drl': 'value',
                'national_drl_lower': 'lower',
                'national_drl_upper': 'upper',
                'achievable_dose': 'value',
                'minimum': 'minimum',
                'maximum': 'maximum',
                'previous_period': 'matched_word',
                'n_matched_facilities': 'matched_count',
                'matched_ratio': 'matched_value',
                'change_verdict': 'matched_word',
                'first_published_in': 'origin',
            },
        ) }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

-- No restricted data from here on: labels, and numbers computed from published numbers. The verdict
-- of a change follows from the facilities of both periods, if that period is published too.
series as (

    select
        published.*,
        lag(published.period) over national_series as earlier_period,
        lag(published.national_drl) over national_series as previous_drl
    from published
    where published.national_drl is not null
    window national_series as (
        partition by
            published.method_id,
            published.method_version,
            published.procedure_id,
            published.patient_group_id,
            published.drl_quantity
        order by published.period
    )

),

compared as (

    select
        {{ national_key() }},
        earlier_period,
        national_drl / nullif(previous_drl, 0) as change_ratio,
        coalesce(earlier_period = previous_period and n_matched_facilities > 0, false)
            as is_matched
    from series

),

-- A period without any shown row is not listed, because that would disclose that data were
-- reported; nor is a procedure, except those that are always listed.
final as (

    select
        published.method_id,
        published.method_version,
        published.period,
        published.procedure_id,
        published.patient_group_id,
        published.drl_quantity,
        procedures.modality,
        decisions.procedure_label,
        decisions.patient_group_label,
        decisions.unit,
        published.status,
        published.n_facilities,
        published.n_examinations,
        published.p25,
        published.p50,
        published.p75,
        published.national_drl,
        published.national_drl_lower,
        published.national_drl_upper,
        published.achievable_dose,
        published.minimum,
        published.maximum,
        compared.earlier_period as previous_period,
        round(compared.change_ratio, 2) as change_ratio,
        case when compared.is_matched then published.n_matched_facilities end
            as n_matched_facilities,
        case when compared.is_matched then round(published.matched_ratio, 2) end as matched_ratio,
        case
            when published.national_drl is null then null
            when compared.earlier_period is null then 'no_previous'
            when compared.is_matched then published.change_verdict
            else 'not_distinguishable'
        end as change_verdict,
        published.disclosure,
        decisions.profile_id as disclosure_profile,
        published.first_published_in
    from published
    inner join decisions
        on
            {{ is_same_cell('published', 'decisions') }}
    left join procedures on published.procedure_id = procedures.procedure_id
    left join compared
        on
            {{ is_same_cell('published', 'compared') }}
    where
        published.period in (
            select shown.period from published as shown
            where shown.disclosure = 'shown'
        )
        and (
            coalesce(procedures.is_always_listed, true)
            or published.procedure_id in (
                select shown.procedure_id from published as shown
                where shown.disclosure = 'shown'
            )
        )

)

select * from final
