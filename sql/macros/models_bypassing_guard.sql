{#- Names of published models (schema `public`, and all models that an exposure depends on) that
    read a seed without the model that guards it, separated by commas. It walks dbt's graph, which
    is empty until the project has been parsed. -#}
{% macro models_bypassing_guard(seed, guard) -%}
{%- if execute is defined and execute -%}
    {%- set models = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | list -%}
    {%- set reached = ['seed.drlake.' ~ seed] -%}
    {%- for round in models -%}
        {%- for model in models if model.name != guard and model.unique_id not in reached -%}
            {%- if model.depends_on.nodes | select('in', reached) | list -%}
                {%- set _ = reached.append(model.unique_id) -%}
            {%- endif -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- set exposed = [] -%}
    {%- for exposure in graph.exposures.values() -%}
        {%- set _ = exposed.extend(exposure.depends_on.nodes) -%}
    {%- endfor -%}
    {%- set leaks = [] -%}
    {%- for model in models if model.unique_id in reached -%}
        {%- if model.unique_id in exposed or model.schema == 'public' -%}
            {%- set _ = leaks.append(model.name) -%}
        {%- endif -%}
    {%- endfor -%}
    {{- leaks | sort | join(',') -}}
{%- endif -%}
{%- endmacro %}
