{#
    The terms of the `order by` that decides which values of an entity a choice takes (see _survivorship), among those with a
    value. Reads the columns that _choice_ctes counts per distinct value: `records`, `last_updated_at`, `source_rank`, and for
    the rules that join variants also what the variants have together.
#}
{% macro _survivorship_order(choice) %}
    {%- set lengths, filled, smallest = [], [], [] -%}
    {%- set is_group = choice.fields | length > 1 -%}
    {%- for field in choice.fields -%}
        {%- set text = field.name if dbt_dedup.prepare_field(field).data_type == dbt_dedup.text_type()
            else 'cast(' ~ field.name ~ ' as ' ~ dbt_dedup.text_type() ~ ')' -%}
        {%- do lengths.append('coalesce(length(' ~ text ~ '), 0)' if is_group else 'length(' ~ text ~ ')') -%}
        {%- do filled.append('case when ' ~ field.name ~ ' is not null then 1 else 0 end') -%}
    {%- endfor -%}
    {%- set filled = filled | join('\n+ ') -%}
    {%- set full = [filled ~ ' desc'] if is_group else [] -%}
    {%- set half_full = ['case when 2 * (' ~ filled | indent(4) ~ ') >= ' ~ (choice.fields | length) ~ ' then 0 else 1 end asc']
        if is_group else [] -%}
    {%- set frequency, recency, source = ['records desc'], ['last_updated_at desc nulls last'], ['source_rank asc'] -%}
    {%- set length = [lengths | join('\n+ ') ~ ' desc'] -%}
    {%- set fitting = ['doubtful_fields asc'] + (['foreignness asc'] if choice.rival else []) + ['lesser_fields asc'] -%}
    {%- set support = [choice.name ~ '__support desc'] -%}
    {%- set support_recency = [choice.name ~ '__support_updated_at desc nulls last'] -%}
    {%- set orders = {
        'consensus': full + fitting + support + source + support_recency + frequency + length,
        'current': half_full + fitting + support_recency + support + full + frequency + source + length,
        'most_frequent': full + frequency + length + recency + source,
        'most_recent': full + recency + frequency + source + length,
        'longest': full + length + frequency + recency + source,
        'source_priority': full + source + recency + frequency + length,
    } -%}
    {{- return(orders[choice.rule] + ['value_number asc']) -}}
{% endmacro %}
