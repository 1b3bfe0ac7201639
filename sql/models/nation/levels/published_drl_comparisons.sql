{{ config(schema='marts', contract={'enforced': true}) }}

with

national_drls as (

    select * from {{ ref('national_drls') }}

),

methods as (

    select * from {{ ref('methods') }}

),

procedures as (

    select * from {{ ref('procedures') }}

),

published_drls as (

    select * from {{ ref('published_drls') }}

),

-- All published levels for the procedure and quantity, with the reason why one is not comparable.
beside_published as (

    select
        national_drls.*,
        published_drls.drl_id as published_drl_id,
        published_drls.jurisdiction,
        published_drls.evidence,
        published_drls.patient_group_id as published_patient_group_id,
        published_drls.value_canonical as published_drl,
        case
            when national_drls.national_drl is null then 'no_ndrl'
            else {{ incomparable_reason('national_drls') }}
        end as reason
    from national_drls
    inner join methods
        on
            national_drls.method_id = methods.method_id
            and national_drls.method_version = methods.method_version
    inner join procedures on national_drls.procedure_id = procedures.procedure_id
    inner join published_drls
        on
            national_drls.procedure_id = published_drls.procedure_id
            and national_drls.drl_quantity = published_drls.drl_quantity

),

-- The published level has no interval: it is treated as a fixed number.
compared as (

    select
        *,
        case when reason is null then national_drl / nullif(published_drl, 0) end as ratio,
        case when reason is null then national_drl_lower / nullif(published_drl, 0) end
            as ratio_lower,
        case when reason is null then national_drl_upper / nullif(published_drl, 0) end
            as ratio_upper
    from beside_published

),

final as (

    select
        {{ national_key() }},
        unit,
        national_drl,
        published_drl_id,
        jurisdiction,
        evidence,
        published_patient_group_id,
        published_drl,
        ratio,
        ratio_lower,
        ratio_upper,
        case
            when reason is not null then 'not_comparable'
            else {{ change_verdict('ratio_lower', 'ratio_upper') }}
        end as verdict,
        reason
    from compared

)

select * from final
