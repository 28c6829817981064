-- How firmly an entry is held to the other entries of its person inside its chain: what a finding of the chain rests on. alone: the only entry of the person there.
ALTER TABLE link_identity ADD COLUMN IF NOT EXISTS chain_band Enum8('alone' = 0, 'firm' = 1, 'likely' = 2, 'doubtful' = 3), ADD COLUMN IF NOT EXISTS chain_weakest Nullable(Float32);
-- The same of the person in the chain as a whole, the weakest of its entries; weakest is missing where a name alone joined.
ALTER TABLE link_person ADD COLUMN IF NOT EXISTS band Enum8('alone' = 0, 'firm' = 1, 'likely' = 2, 'doubtful' = 3), ADD COLUMN IF NOT EXISTS weakest Nullable(Float32);
