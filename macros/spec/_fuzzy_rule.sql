{#
    A blocking rule that proposes records which are alike without agreeing in a key: `top_k`, `sorted_neighborhood` or `minhash`,
    with its numbers checked. `items` is SQL of the list that a key is compared by: the words of `<field>.tokens` as text, so that
    they mean the same in two fields, any other list as it is, and none for a single value, which is compared by its trigrams.
#}
{% macro _fuzzy_rule(entity, key, given, transforms, lists, words) %}
    {#- the numbers of each kind: default, least, most -#}
    {%- set kinds = {
        'top_k': {'k': [10, 1, 100]},
        'sorted_neighborhood': {'window': [7, 2, 100]},
        'minhash': {'bands': [20, 1, 100], 'rows': [4, 1, 20]},
    } -%}
    {%- set named = [] -%}
    {%- for kind in kinds if kind in given -%}{%- do named.append(kind) -%}{%- endfor -%}
    {%- if named | length != 1 -%}
        {%- set found = named | join(', ') if named else given.keys() | first -%}
        {{- dbt_dedup.spec_error(entity, key, found, 'only one of ' ~ kinds.keys() | join(', ') if named else kinds.keys() | list) -}}
    {%- endif -%}
    {%- set kind = named[0] -%}
    {%- set numbers = kinds[kind] -%}
    {%- for option in given if option != kind and option not in numbers -%}
        {{- dbt_dedup.spec_error(entity, key ~ '.' ~ option, option, numbers.keys() | list) -}}
    {%- endfor -%}
    {%- set keys = [given[kind]] if given[kind] is string else given[kind] -%}
    {%- set rule = {
        'kind': kind,
        'parts': dbt_dedup._blocking_parts(entity, key ~ '.' ~ kind, keys, transforms, lists),
    } -%}
    {%- for name, range in numbers.items() -%}
        {%- set value = given.get(name, range[0]) -%}
        {%- if value is not integer or value is boolean or value < range[1] or value > range[2] -%}
            {{- dbt_dedup.spec_error(
                entity, key ~ '.' ~ name, value, 'a whole number from ' ~ range[1] ~ ' to ' ~ range[2]
            ) -}}
        {%- endif -%}
        {%- do rule.update({name: value}) -%}
    {%- endfor -%}
    {%- for part in rule.parts -%}
        {%- if kind == 'sorted_neighborhood' and part.is_list -%}
            {{- dbt_dedup.spec_error(entity, key ~ '.' ~ kind, keys[loop.index0], 'keys of one value each: a list has no place in an order') -}}
        {%- endif -%}
        {%- set field_name, _, transform = keys[loop.index0].partition('.') -%}
        {%- set are_words = transform == 'tokens' and words[field_name] -%}
        {%- do part.update({'items': words[field_name] if are_words else part.column if part.is_list else none}) -%}
    {%- endfor -%}
    {%- do rule.update({'name': kind ~ ': ' ~ keys | join(' + ')}) -%}
    {{- return(rule) -}}
{% endmacro %}
