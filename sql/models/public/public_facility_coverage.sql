with

final as (

    select
        {{ disclosed_rows(
            relation=ref('int_facility_coverage'),
            key=['dimension', 'stratum'],
            columns={
                'n_registered': ['count', 'is_shown'],
                'n_present': ['count', 'is_shown'],
                'n_late': ['count', 'is_shown'],
                'n_missing': ['count', 'is_shown'],
            },
        ) }}

)

select * from final
