with

levels as (

    select * from {{ ref('public_national_drls') }}

),

methods as (

    select * from {{ ref('methods') }}

),

final as (

    select methods.*
    from methods
    semi join levels
        on
            methods.method_id = levels.method_id
            and methods.method_version = levels.method_version

)

select * from final
