{{ config(materialized='view') }}

{{ rows_of_counted_reports(
    ref('stg_lake__radiopharmaceutical_administrations'), ref('int_reports_not_counted')
) }}
