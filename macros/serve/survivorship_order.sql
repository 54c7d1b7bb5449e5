{#
    The `order by` that decides which record of an entity gives the values of a choice. Ties go to the later record, the
    better source, the spelling with diacritics and mixed case, and last the smaller record id.
#}
{% macro survivorship_order(spec, choice) %}
    {%- set first = choice.fields[0].name -%}
    {%- set lengths = [] -%}
    {%- set filled = [] -%}
    {%- for field in choice.fields -%}
        {%- do lengths.append("coalesce(length(cast(members." ~ field.name ~ " as varchar)), 0)") -%}
        {%- do filled.append("cast(members." ~ field.name ~ " is not null as integer)") -%}
    {%- endfor -%}
    {%- set source_rank -%}
        case members.source
            {%- for source in spec.source_priority %} when '{{ source | replace("'", "''") }}' then {{ loop.index }}{% endfor %}
            {%- if not spec.source_priority %} when null then 0{% endif %} else 1000 end
    {%- endset -%}
    {%- set frequency = 'members.' ~ choice.name ~ '__count desc' -%}
    {%- set recency = 'members.updated_at desc nulls last' -%}
    {%- set length = lengths | join(' + ') ~ ' desc' -%}
    {%- set orders = {
        'most_frequent': [frequency, length, recency, source_rank],
        'most_recent': [recency, frequency, source_rank, length],
        'longest': [length, frequency, recency, source_rank],
        'source_priority': [source_rank, recency, frequency, length],
    } -%}
    {%- set order = [filled | join(' + ') ~ ' desc'] + orders[choice.rule] -%}
    {%- set original = 'members.' ~ first ~ '__original' -%}
    {%- do order.extend([
        'length(' ~ original ~ ')',
        'strlen(' ~ original ~ ') desc',
        "cast(" ~ original ~ " <> upper(" ~ original ~ ") and " ~ original ~ " <> lower(" ~ original ~ ") as integer) desc",
        'members.record_id',
    ]) -%}
    {{- return(order) -}}
{% endmacro %}
