{#
    Names in each other's column: at least `population_records` records have the given name as given or family name, and at
    least `population_share` of them as family name; the other way round for the family name, which may be missing. One entry
    of _issues_across_fields for each person.
#}
{% macro _issues_of_names(spec) %}
    {%- set constants = dbt_dedup.method_constants() -%}
    {%- set issues = [] -%}
    {%- for given, family in dbt_dedup._fields_together(spec, ['given_name', 'family_name']) -%}
        {%- set g, f = given.name, family.name -%}
        {%- set ctes -%}
-- is a name a given name or a family name?
{{ g }}__places as (
    select
        {{ g }} as name,
        1 as as_given,
        0 as as_family
    from records
    where {{ g }} is not null
    union all
    select
        {{ f }} as name,
        0 as as_given,
        1 as as_family
    from records
    where {{ f }} is not null
),

{{ g }}__counted as (
    select
        name,
        sum(as_given) as as_given,
        sum(as_family) as as_family
    from {{ g }}__places
    group by name
),

{{ g }}__known as (
    select
        name,
        as_family >= {{ constants.population_share }} * (as_given + as_family) as is_family_name,
        as_given >= {{ constants.population_share }} * (as_given + as_family) as is_given_name
    from {{ g }}__counted
    where as_given + as_family >= {{ constants.population_records }}
),

{{ g }}__misplaced as (
    select
        records.*,
        coalesce(of_given.is_family_name, false) as given_is_family_name,
        coalesce(of_family.is_given_name, false) as family_is_given_name
    from records
    left join {{ g }}__known as of_given on records.{{ g }} = of_given.name
    left join {{ g }}__known as of_family on records.{{ f }} = of_family.name
    where of_given.is_family_name or of_family.is_given_name
),

{{ g }}__issues as (
    {%- for name, other, is_misplaced, is_swapped in [
        (g, f, 'given_is_family_name', 'family_is_given_name'), (f, g, 'family_is_given_name', 'given_is_family_name')
    ] %}
    select
        record_id,
        source,
        '{{ name }}' as field,
        case
            when {{ is_swapped }} then 'swapped_names'
            when {{ other }} is null or {{ f }} = {{ g }} then 'name_of_other_field'
        end as problem,
        {{ name }}__original as original_value,
        case when {{ is_swapped }} then {{ other }}__original end as proposed_value
    from {{ g }}__misplaced
    where {{ is_misplaced }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),
        {%- endset -%}
        {%- do issues.append({'ctes': ctes, 'name': g ~ '__issues'}) -%}
    {%- endfor -%}
    {{- return(issues) -}}
{% endmacro %}
