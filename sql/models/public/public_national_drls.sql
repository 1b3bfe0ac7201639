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
                'first_published_in': 'origin',
            },
        ) }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

-- No restricted data from here on: labels, and numbers computed from published numbers.
series as (

    select
        published.*,
        lag(published.period) over national_series as previous_period,
        lag(published.national_drl) over national_series as previous_drl,
        lag(published.national_drl_lower) over national_series as previous_lower,
        lag(published.national_drl_upper) over national_series as previous_upper
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
        previous_period,
        national_drl / nullif(previous_drl, 0) as change_ratio,
        {{ ratio_lower_limit(
            'national_drl', 'national_drl_lower', 'previous_drl', 'previous_upper'
        ) }} as change_ratio_lower,
        {{ ratio_upper_limit(
            'national_drl', 'national_drl_upper', 'previous_drl', 'previous_lower'
        ) }} as change_ratio_upper
    from series

),

-- A period without any shown row is not listed, because that would disclose that data were
-- reported.
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
        compared.previous_period,
        round(compared.change_ratio, 2) as change_ratio,
        case
            when published.national_drl is null then null
            when compared.previous_period is null then 'no_previous'
            else {{ change_verdict('compared.change_ratio_lower', 'compared.change_ratio_upper') }}
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

)

select * from final
