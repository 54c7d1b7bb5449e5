{#
    SQL of how rare the values of new records are, in the form of int_<entity>__value_counts: as the table says, and as rare as
    the value of a single record where no record has it. `new_values` is that of _find_new_values, `totals` that of _find_totals,
    and `known` that of _find_known_values, or the rows of it that have these values.
#}
{% macro _find_value_counts(new_values, totals, known) -%}
select
    new_values.field,
    new_values.value,
    coalesce(known.records, 1) as records,
    coalesce(known.rarity, round(log2(totals.records), 6), 0) as rarity
from {{ new_values }} as new_values
left join {{ known }} as known on new_values.value_hash = known.value_hash
left join {{ totals }} as totals on new_values.field = totals.field
{%- endmacro %}
