{#
    The CTEs that find values which belong to another field, a given name among the family names, up to <choice>__mistaken: how
    foreign a value is. It is where a record of the entity has it, or a form of it, in the other field, and people who have that
    there are at least as many as have the value here (2), or not far from it (1). See _choice_ctes.
#}
{% macro _mistaken_ctes(spec, choice) -%}
{%- set c, f = choice.name, choice.fields[0].name -%}
{%- set rival = spec.fields | selectattr('name', 'equalto', choice.rival) | first -%}
{%- set forms = dbt_dedup.prepare_field(rival).short_forms -%}
{%- if forms %}
{{ c }}__rival_short_forms as (
    select distinct
        {{ forms.short }} as short_form,
        {{ forms.long }} as long_form
    from {{ ref(forms.seed) }}
),
{% endif %}
-- a middle initial behind a name is no part of it
{{ c }}__here as (
    select
        cluster_key,
        value_number,
        {{ dbt_dedup._without_initial(f) }} as name
    from {{ c }}__several
),

{{ c }}__there as (
    select distinct
        shared.cluster_key,
        {{ dbt_dedup._without_initial('shared.' ~ rival.name) }} as name
    from shared
    inner join {{ c }}__several on shared.cluster_key = {{ c }}__several.cluster_key
    where shared.{{ rival.name }} is not null
),

{{ c }}__alike as (
    select
        here.cluster_key,
        here.value_number,
        here.name,
        there.name as other_name
    from {{ c }}__here as here
    inner join {{ c }}__there as there on here.cluster_key = there.cluster_key
    {%- if forms %}
    left join {{ c }}__rival_short_forms as short_forms
        on here.name = short_forms.short_form
        and {{ forms.of | replace('{0}', 'there.name') }} = short_forms.long_form
    {%- endif %}
    where
        here.name = there.name
        or {{ dbt_dedup._of_pair(dbt_dedup._mistyped(), 'here.name', 'there.name') | indent(8) }}
        or {{ dbt_dedup._of_pair(dbt_dedup._initial_of(), 'here.name', 'there.name') | indent(8) }}
        {%- if forms %}
        or short_forms.short_form is not null
        {%- endif %}
),

{{ c }}__mistaken as (
    select
        alike.cluster_key,
        alike.value_number,
        max(case
            when length(alike.name) = 1 then 2
            when alike.name <> alike.other_name and there.records < 5 * coalesce(here.records, 0) then 0
            when there.records >= coalesce(here.records, 0) then 2
            when there.records >= 0.2 * here.records then 1
            else 0
        end) as foreignness
    from {{ c }}__alike as alike
    left join value_counts as here
        on here.field = '{{ f }}'
        and alike.name = here.value
    left join value_counts as there
        on there.field = '{{ rival.name }}'
        and alike.other_name = there.value
    group by alike.cluster_key, alike.value_number
),
{%- endmacro %}
