-- Disclosure control uses the same contributors as the national numbers.
with

national_drls as (

    select * from {{ ref('national_drls') }}

),

measures as (

    select * from {{ ref('int_disclosure_measures') }}

),

final as (

    select
        national_drls.method_id,
        national_drls.period,
        national_drls.procedure_id,
        national_drls.patient_group_id,
        national_drls.drl_quantity
    from national_drls
    left join measures
        on
            {{ is_same_cell('national_drls', 'measures') }}
    where
        national_drls.n_facilities is distinct from measures.n_facilities
        or national_drls.n_examinations is distinct from measures.n_examinations

)

select * from final
