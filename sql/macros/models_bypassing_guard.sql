{#- Names of the models that leave the building (schema `public`, and whatever an exposure is made
    of) and read a seed otherwise than through the model that guards it, with a comma between.
    Walks dbt's graph, so it says nothing before the project has been parsed. -#}
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
