{{ config(materialized='view') }}

{{ rows_of_counted_reports(
    ref('stg_lake__ct_irradiation_events'), ref('int_reports_not_counted')
) }}
