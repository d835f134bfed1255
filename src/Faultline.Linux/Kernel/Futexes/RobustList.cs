using Faultline.Linux.Abi.Processes;
using Faultline.Linux.Mm;

namespace Faultline.Linux.Kernel.Futexes;

/// <summary>The list of locks that a thread holds, which the kernel lets go of when the thread ends (exit_robust_list).</summary>
internal static class RobustList
{
    /// <summary>Releases what a thread's list names; the list is the guest's and may be anything.</summary>
    public static void Release(Task task)
    {
        const ulong isPi = 1;
        ulong head = task.RobustListHead;
        task.RobustListHead = 0;
        GuestMemory memory = task.Memory;
        if (head == 0 || !memory.TryRead(head, out RobustListHead list))
            return;
        ulong entry = list.list;
        for (int left = Futex.ROBUST_LIST_LIMIT; left > 0 && (entry & ~isPi) != head; left--)
        {
            bool hasNext = memory.TryRead(entry & ~isPi, out ulong next);
            // The one that was being locked or unlocked is looked at last.
            if (entry != list.list_op_pending)
                task.Kernel.Futexes.Die(task, (entry & ~isPi) + (ulong)list.futex_offset, (entry & isPi) != 0, isPending: false);
            if (!hasNext)
                break;
            entry = next;
        }
        if (list.list_op_pending != 0)
            task.Kernel.Futexes.Die(task, (list.list_op_pending & ~isPi) + (ulong)list.futex_offset, (list.list_op_pending & isPi) != 0, isPending: true);
    }
}
