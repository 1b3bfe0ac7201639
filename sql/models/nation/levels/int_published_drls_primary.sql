with

final as (

    select *
    from {{ ref('published_drls') }}
    where evidence = 'primary'

)

select * from final
