{{ config(materialized='view') }}

with

final as (

    select *
    from {{ ref('disclosure_profiles') }}
    where profile_id = '{{ env_var("DRLAKE_DISCLOSURE_PROFILE", "strict") }}'

)

select * from final
