-- A level outside the list of cells would be decided on by nobody.
with

final as (

    select {{ national_key() }} from {{ ref('national_drls') }}
    except
    select {{ national_key() }} from {{ ref('disclosure_decisions') }}

)

select * from final
