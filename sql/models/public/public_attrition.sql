with

final as (

    select
        {{ disclosed_rows(
            relation=ref('int_attrition_disclosure'),
            key=['counted', 'step_number', 'step', 'reason_code'],
            columns={
                'n': ['count', 'is_shown'],
                'n_facilities': ['count', 'is_shown'],
            },
        ) }}

)

select * from final
