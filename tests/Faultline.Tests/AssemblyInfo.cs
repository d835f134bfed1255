// Programs are timed out by wall time: more of them at once than processors would make that unfair.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
