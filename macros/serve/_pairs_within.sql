{# A scalar subquery: the number of pairs of rows of a relation that agree in some columns, counted group by group. #}
{% macro _pairs_within(relation, columns) -%}
(
            select sum(grouped.size * (grouped.size - 1) / 2)
            from (
                select count(*) as size
                from {{ relation }}
                group by {{ columns | join(', ') }}
            ) as grouped
        )
{%- endmacro %}
