{#
    The terms of the `order by` that decides which record of an entity gives the values of a choice (see survivorship), among
    those with a value. Of several fields, the record with the most values comes first. Ties go to the later record, the better
    source, the spelling with diacritics and mixed case, and last the smaller record id. Reads the columns of the entity's
    records and `frequency`, how many of them hold the same values.
#}
{% macro survivorship_order(spec, choice) %}
    {%- set lengths, filled = [], [] -%}
    {%- set is_group = choice.fields | length > 1 -%}
    {%- for field in choice.fields -%}
        {%- set text = field.name if dbt_dedup.prepare_field(field).data_type == dbt_dedup.text_type()
            else 'cast(' ~ field.name ~ ' as ' ~ dbt_dedup.text_type() ~ ')' -%}
        {%- do lengths.append('coalesce(length(' ~ text ~ '), 0)' if is_group else 'length(' ~ text ~ ')') -%}
        {%- do filled.append('case when ' ~ field.name ~ ' is not null then 1 else 0 end') -%}
    {%- endfor -%}
    {%- set priority = [] -%}
    {%- for source in spec.source_priority -%}
        {%- do priority.append("when '" ~ source | replace("'", "''") ~ "' then " ~ loop.index) -%}
    {%- endfor -%}
    {%- set source_rank = ['case source ' ~ priority | join(' ') ~ ' else 1000 end asc'] if priority else [] -%}
    {%- set frequency = ['frequency desc'] -%}
    {%- set recency = ['updated_at desc nulls last'] -%}
    {%- set length = [lengths | join('\n+ ') ~ ' desc'] -%}
    {%- set orders = {
        'most_frequent': frequency + length + recency + source_rank,
        'most_recent': recency + frequency + source_rank + length,
        'longest': length + frequency + recency + source_rank,
        'source_priority': source_rank + recency + frequency + length,
    } -%}
    {%- set original = choice.fields[0].name ~ '__original' -%}
    {{- return(([filled | join('\n+ ') ~ ' desc'] if is_group else []) + orders[choice.rule] + [
        'length(' ~ original ~ ') asc nulls last',
        dbt_dedup.edit_length(original) ~ ' desc nulls last',
        'case when ' ~ original ~ ' in (upper(' ~ original ~ '), lower(' ~ original ~ ')) then 1 else 0 end asc',
        'record_id asc',
    ]) -}}
{% endmacro %}
