with

levels as (

    select *
    from {{ ref('public_national_drls') }}
    where national_drl is not null

),

methods as (

    select * from {{ ref('methods') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

published_drls as (

    select * from {{ ref('int_published_drls_primary') }}

),

-- Reads published data only: the position of an unrounded limit relative to published levels would
-- narrow it down, one published level after the other.
compared as (

    select
        levels.*,
        published_drls.drl_id as published_drl_id,
        published_drls.jurisdiction,
        published_drls.patient_group_id as published_patient_group_id,
        published_drls.value_canonical as published_drl,
        {{ incomparable_reason('levels') }} as reason
    from levels
    inner join methods
        on
            levels.method_id = methods.method_id
            and levels.method_version = methods.method_version
    inner join procedures on levels.procedure_id = procedures.procedure_id
    inner join published_drls
        on
            levels.procedure_id = published_drls.procedure_id
            and levels.drl_quantity = published_drls.drl_quantity

),

final as (

    select
        {{ national_key() }},
        unit,
        national_drl,
        published_drl_id,
        jurisdiction,
        published_patient_group_id,
        published_drl,
        case when reason is null then national_drl / nullif(published_drl, 0) end as ratio,
        case
            when reason is not null then 'not_comparable'
            else {{ change_verdict(
                'national_drl_lower / published_drl', 'national_drl_upper / published_drl'
            ) }}
        end as verdict,
        reason
    from compared

)

select * from final
