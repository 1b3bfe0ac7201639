{{ config(materialized='view') }}

{{ of_standing_reports(
    ref('stg_lake__dose_reports'), ref('int_reports_left_out')
) }}
