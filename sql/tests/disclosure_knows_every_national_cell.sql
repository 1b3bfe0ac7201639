-- Every level is in the list of possible cells; otherwise it would have no disclosure decision.
with

final as (

    select {{ national_key() }} from {{ ref('national_drls') }}
    except
    select {{ national_key() }} from {{ ref('disclosure_decisions') }}

)

select * from final
