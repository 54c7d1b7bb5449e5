{#
    The CTEs that join the variants of a choice's values, up to <choice>__supported: see _choice_ctes. `types` is what the types of
    its fields say (see prepare_field).
#}
{% macro _variant_ctes(spec, choice, types) -%}
{%- set c = choice.name -%}
{%- set names = types.keys() | list -%}
{%- set lookups, read, lesser, short = {}, [], {}, {} -%}
{%- for f, type in types.items() -%}
    {%- do lookups.update(type.lookups) -%}
    {%- do read.extend([type.variant or '', type.lesser or '']) -%}
    {%- if type.short_forms -%}{%- do short.update({f: type.short_forms}) -%}{%- endif -%}
    {%- if type.lesser or type.has_parts -%}{%- do lesser.update({f: type}) -%}{%- endif -%}
{%- endfor -%}
{%- if choice.rival %}
{{ dbt_dedup._mistaken_ctes(spec, choice) }}
{% endif -%}
{%- for f, forms in short.items() %}
{{ f }}__short_forms as (
    select distinct
        {{ forms.short }} as short_form,
        {{ forms.long }} as long_form
    from {{ ref(forms.seed) }}
),
{% endfor -%}
{%- for name in dbt_dedup._lookups_read(lookups, read) %}
{{ c }}__{{ name }} as (
    {{ dbt_dedup._lookup_map_of(lookups[name]) | indent(4) }}
),
{% endfor %}
{{ c }}__pairs as (
    select
        l.cluster_key,
        l.value_number,
        r.value_number as other_number,
        r.records,
        r.last_updated_at,
        {%- for f, type in lesser.items() %}
        {%- set rules = [] -%}
        {%- if type.lesser -%}{%- do rules.append('when ' ~ dbt_dedup._of_pair(type.lesser, 'l.' ~ f, 'r.' ~ f, f) ~ ' then 1') -%}{%- endif -%}
        {%- if type.has_parts -%}{%- do rules.append('when rest_of_' ~ f ~ '.records > 0 then 1') -%}{%- endif %}
        {{ dbt_dedup.case_lines(rules, '0') | indent(8) }} as {{ f }}__is_lesser,
        {%- endfor %}
        {%- set apart = [] -%}
        {%- for f, type in types.items() -%}
            {%- set l, r = 'l.' ~ f, 'r.' ~ f -%}
            {%- do apart.append(
                'when ' ~ l ~ ' <> ' ~ r ~ ('\n    and not (' ~ (dbt_dedup._of_pair(type.variant, l, r, f) | indent(4)) ~ ')'
                if type.variant else '') ~ ' then 0'
            ) -%}
        {%- endfor -%}
        {%- set comparable = [] -%}
        {%- for f in names -%}{%- do comparable.append('(l.' ~ f ~ ' is not null and r.' ~ f ~ ' is not null)') -%}{%- endfor -%}
        {%- if names | length > 1 -%}{%- do apart.append('when not (' ~ comparable | join('\n    or ') ~ ') then 0') -%}{%- endif %}
        {{ dbt_dedup.case_lines(apart, '1') | indent(8) }} as is_variant
    from {{ c }}__several as l
    inner join {{ c }}__several as r
        on l.cluster_key = r.cluster_key
        and l.value_number <> r.value_number
    {%- for f, forms in short.items() %}
    left join {{ f }}__short_forms as {{ f }}__short
        on {{ forms.of | replace('{0}', 'l.' ~ f) }} = {{ f }}__short.short_form
        and {{ forms.of | replace('{0}', 'r.' ~ f) }} = {{ f }}__short.long_form
    left join {{ f }}__short_forms as {{ f }}__long
        on {{ forms.of | replace('{0}', 'l.' ~ f) }} = {{ f }}__long.long_form
        and {{ forms.of | replace('{0}', 'r.' ~ f) }} = {{ f }}__long.short_form
    {%- endfor %}
    {%- for f, type in types.items() if type.has_parts %}
    -- of a value of several words, what is left without the other value
    left join value_counts as rest_of_{{ f }}
        on rest_of_{{ f }}.field = '{{ f }}'
        and {{ dbt_dedup._rest_of('l.' ~ f, 'r.' ~ f) | indent(8) }} = rest_of_{{ f }}.value
    {%- endfor %}
    {%- for name in dbt_dedup._lookups_read(lookups, read) %}
    cross join {{ c }}__{{ name }} as {{ name }}
    {%- endfor %}
),

{{ c }}__together as (
    select
        cluster_key,
        value_number,
        {%- for f in lesser %}
        max({{ f }}__is_lesser) as {{ f }}__is_lesser,
        {%- endfor %}
        sum(is_variant * records) as records_of_variants,
        max(case when is_variant = 1 then last_updated_at end) as variants_updated_at
    from {{ c }}__pairs
    group by cluster_key, value_number
),

{{ c }}__supported as (
    select
        {{ c }}__several.*,
        {%- for f in lesser %}
        {{ c }}__together.{{ f }}__is_lesser,
        {%- endfor %}
        {%- set flags = [] -%}
        {%- for f in lesser -%}{%- do flags.append(c ~ '__together.' ~ f ~ '__is_lesser') -%}{%- endfor %}
        {{ flags | join('\n        + ') or '0' }} as lesser_fields,
        {%- set flags = [] -%}
        {%- for f, type in types.items() if type.doubtful -%}{%- do flags.append(c ~ '__several.' ~ f ~ '__is_doubtful') -%}{%- endfor %}
        {{ flags | join('\n        + ') or '0' }} as doubtful_fields,
        {%- if choice.rival %}
        coalesce({{ c }}__mistaken.foreignness, 0) as foreignness,
        {%- endif %}
        {{ c }}__several.records + {{ c }}__together.records_of_variants as {{ c }}__support,
        greatest({{ c }}__several.last_updated_at, {{ c }}__together.variants_updated_at) as {{ c }}__support_updated_at
    from {{ c }}__several
    inner join {{ c }}__together
        on {{ c }}__several.cluster_key = {{ c }}__together.cluster_key
        and {{ c }}__several.value_number = {{ c }}__together.value_number
    {%- if choice.rival %}
    left join {{ c }}__mistaken
        on {{ c }}__several.cluster_key = {{ c }}__mistaken.cluster_key
        and {{ c }}__several.value_number = {{ c }}__mistaken.value_number
    {%- endif %}
),
{% endmacro %}
