{#
    Steps (see prepare_field) that apply many patterns (see replace_patterns) to a column, one after the other and a few in each
    step, where a condition holds. The column of the last step is <field>__<name>.
#}
{% macro _pattern_steps(field_name, name, column, condition, replacements) %}
    {%- set applies = name ~ '_applies' -%}
    {%- set steps, sources = [{applies: condition}], [column] -%}
    {%- for few in replacements | batch(16) -%}
        {%- set step_name = name if loop.last else name ~ '_' ~ loop.index -%}
        {%- do steps.append({step_name: dbt_dedup.case_lines(
            ['when ' ~ field_name ~ '__' ~ applies ~ '\n    then ' ~ dbt_dedup.replace_patterns(sources[-1], few)], sources[-1]
        )}) -%}
        {%- do sources.append(field_name ~ '__' ~ step_name) -%}
    {%- endfor -%}
    {{- return(steps) -}}
{% endmacro %}
