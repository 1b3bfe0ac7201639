{{ config(materialized='view') }}

with

examination_facility_statistics as (

    select * from {{ ref('int_examination_facility_statistics') }}

),

examination_device_statistics as (

    select * from {{ ref('int_examination_device_statistics') }}

),

examination_pooled_statistics as (

    select * from {{ ref('int_examination_pooled_statistics') }}

),

acquisition_facility_statistics as (

    select * from {{ ref('int_acquisition_facility_statistics') }}

),

acquisition_device_statistics as (

    select * from {{ ref('int_acquisition_device_statistics') }}

),

final as (

    select * from examination_facility_statistics
    union all
    select * from examination_device_statistics
    union all
    select * from examination_pooled_statistics
    union all
    select * from acquisition_facility_statistics
    union all
    select * from acquisition_device_statistics

)

select * from final
