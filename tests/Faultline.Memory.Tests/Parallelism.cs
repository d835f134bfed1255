// One test reserves all the flat tables that a process may have, which the others would notice.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
