with orders as (

    select * from {{ ref('shop_orders') }}

),

crosswalk as (

    select * from {{ ref('customers_crosswalk') }}

),

customers as (

    select * from {{ ref('customers') }}

),

orders_of_entities as (

    select
        crosswalk.entity_id,
        count(*) as orders,
        count(distinct orders.customer_no) as customer_numbers,
        sum(orders.amount) as revenue
    from orders
    inner join crosswalk on orders.customer_no = crosswalk.record_id
    group by crosswalk.entity_id

)

select
    customers.entity_id,
    customers.given_name,
    customers.family_name,
    orders_of_entities.orders,
    orders_of_entities.customer_numbers,
    orders_of_entities.revenue
from customers
inner join orders_of_entities on customers.entity_id = orders_of_entities.entity_id
