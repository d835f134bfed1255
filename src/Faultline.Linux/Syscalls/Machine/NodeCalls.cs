using System.Runtime.CompilerServices;
using Faultline.Linux.Abi;
using Faultline.Linux.Kernel;
using Faultline.Memory;

namespace Faultline.Linux.Syscalls.Machine;

/// <summary>NUMA policies on a machine with one node, number 0 (mm/mempolicy.c, mm/migrate.c): checked and kept as Linux does; there is nothing to choose from.</summary>
internal static class NodeCalls
{
    private const int MPOL_DEFAULT = 0;
    private const int MPOL_PREFERRED = 1;
    private const int MPOL_LOCAL = 4;
    private const int LastMode = 6;
    private const int ModeFlags = 7 << 13;
    private const int NodeFlags = 3 << 14;
    private const uint MPOL_F_NODE = 1;
    private const uint MPOL_F_ADDR = 2;
    private const uint MPOL_F_MEMS_ALLOWED = 4;
    private const uint MPOL_MF_STRICT = 1;
    private const uint MPOL_MF_MOVE = 2;
    private const uint MPOL_MF_MOVE_ALL = 4;

    private static readonly ConditionalWeakTable<Task, NodePolicy> _policies = [];

    /// <summary>int set_mempolicy(int mode, const unsigned long *nodemask, unsigned long maxnode)</summary>
    public static long SetMempolicy(Task task, in SyscallArguments a)
    {
        int error = ReadPolicy(task, a.Int0, a.A1, a.A2, out NodePolicy policy);
        if (error == 0)
            _policies.AddOrUpdate(task, policy);
        return error;
    }

    /// <summary>int get_mempolicy(int *mode, unsigned long *nodemask, unsigned long maxnode, void *addr, unsigned long flags)</summary>
    public static long GetMempolicy(Task task, in SyscallArguments a)
    {
        ulong flags = a.A4;
        if (a.A1 != 0 && a.A2 < 1)
            return -Errno.EINVAL;
        if ((flags & ~(ulong)(MPOL_F_NODE | MPOL_F_ADDR | MPOL_F_MEMS_ALLOWED)) != 0)
            return -Errno.EINVAL;
        NodePolicy policy = _policies.TryGetValue(task, out NodePolicy? kept) ? kept : new NodePolicy(MPOL_DEFAULT, 0);
        if ((flags & MPOL_F_MEMS_ALLOWED) != 0)
        {
            if ((flags & (MPOL_F_NODE | MPOL_F_ADDR)) != 0)
                return -Errno.EINVAL;
            policy = new NodePolicy(MPOL_DEFAULT, 1);
        }
        else if ((flags & MPOL_F_ADDR) != 0)
        {
            if (task.Process.Mm.Space.Find(a.A3) is null)
                return -Errno.EFAULT;
            // With MPOL_F_NODE the answer is the page's node, which is 0 as well.
            policy = new NodePolicy(MPOL_DEFAULT, 0);
        }
        else if (a.A3 != 0 || ((flags & MPOL_F_NODE) != 0))
        {
            return -Errno.EINVAL;
        }
        if (a.A0 != 0 && !task.Memory.TryWrite(a.A0, policy.Mode))
            return -Errno.EFAULT;
        return a.A1 == 0 ? 0 : WriteNodes(task, a.A1, a.A2, policy.Nodes);
    }

    /// <summary>int mbind(void *addr, unsigned long len, int mode, const unsigned long *nodemask, unsigned long maxnode, unsigned int flags)</summary>
    public static long Mbind(Task task, in SyscallArguments a)
    {
        uint flags = (uint)a.A5;
        int error = ReadPolicy(task, a.Int2, a.A3, a.A4, out _);
        if ((flags & ~(MPOL_MF_STRICT | MPOL_MF_MOVE | MPOL_MF_MOVE_ALL)) != 0 || error == -Errno.EFAULT)
            return error == -Errno.EFAULT ? error : -Errno.EINVAL;
        if ((flags & MPOL_MF_MOVE_ALL) != 0 && !task.Credentials.IsPrivileged)
            return -Errno.EPERM;
        ulong end = a.A0 + GuestPage.Ceiling(a.A1);
        if (!GuestPage.IsAligned(a.A0) || end < a.A0)
            return -Errno.EINVAL;
        if (end == a.A0)
            return 0;
        return error != 0 ? error : IsMapped(task, a.A0, end) ? 0 : -Errno.EFAULT;
    }

    /// <summary>int set_mempolicy_home_node(unsigned long start, unsigned long len, unsigned long home_node, unsigned long flags): no range has a policy of its own.</summary>
    public static long SetMempolicyHomeNode(Task task, in SyscallArguments a)
    {
        ulong end = a.A0 + GuestPage.Ceiling(a.A1);
        if (!GuestPage.IsAligned(a.A0) || a.A3 != 0 || a.A2 != 0 || end < a.A0)
            return -Errno.EINVAL;
        return end == a.A0 ? 0 : -Errno.ENOENT;
    }

    /// <summary>long migrate_pages(int pid, unsigned long maxnode, const unsigned long *old_nodes, const unsigned long *new_nodes): all are where they should be.</summary>
    public static long MigratePages(Task task, in SyscallArguments a)
    {
        int error = ReadNodes(task, a.A2, a.A1, out _);
        if (error == 0)
            error = ReadNodes(task, a.A3, a.A1, out ulong target) is < 0 and int bad ? bad : target == 0 ? -Errno.EINVAL : 0;
        if (error != 0)
            return error;
        return a.Int0 == 0 || task.Kernel.FindTask(a.Int0) is not null ? 0 : -Errno.ESRCH;
    }

    /// <summary>long move_pages(int pid, unsigned long count, void **pages, const int *nodes, int *status, int flags)</summary>
    public static long MovePages(Task task, in SyscallArguments a)
    {
        uint flags = (uint)a.A5;
        if ((flags & ~(MPOL_MF_MOVE | MPOL_MF_MOVE_ALL)) != 0)
            return -Errno.EINVAL;
        if ((flags & MPOL_MF_MOVE_ALL) != 0 && !task.Credentials.IsPrivileged)
            return -Errno.EPERM;
        Task? target = a.Int0 == 0 ? task : task.Kernel.FindTask(a.Int0);
        if (target is null)
            return -Errno.ESRCH;
        AddressSpace space = target.Process.Mm.Space;
        for (ulong i = 0; i < a.A1; i++)
        {
            if (!task.Memory.TryRead(a.A2 + (i * sizeof(ulong)), out ulong address))
                return -Errno.EFAULT;
            if (a.A3 != 0)
            {
                if (!task.Memory.TryRead(a.A3 + (i * sizeof(int)), out int node))
                    return -Errno.EFAULT;
                if (node != 0)
                    return -Errno.ENODEV;
            }
            int status = space.Find(address) is null ? -Errno.EFAULT : space.IsPresent(address) ? 0 : -Errno.ENOENT;
            if (!task.Memory.TryWrite(a.A4 + (i * sizeof(int)), status))
                return -Errno.EFAULT;
        }
        return 0;
    }

    /// <summary>Reads and checks a policy (sanitize_mpol_flags, mpol_new).</summary>
    private static int ReadPolicy(Task task, int mode, ulong address, ulong maxnode, out NodePolicy policy)
    {
        policy = new NodePolicy(mode, 0);
        int flags = mode & ModeFlags;
        mode &= ~ModeFlags;
        if (mode is < 0 or > LastMode || (flags & NodeFlags) == NodeFlags)
            return -Errno.EINVAL;
        if (ReadNodes(task, address, maxnode, out ulong nodes) is < 0 and int error)
            return error;
        switch (mode)
        {
            case MPOL_DEFAULT when nodes != 0:
            case MPOL_LOCAL when nodes != 0 || (flags & NodeFlags) != 0:
            case MPOL_PREFERRED when nodes == 0 && (flags & NodeFlags) != 0:
                return -Errno.EINVAL;
            case MPOL_DEFAULT or MPOL_LOCAL:
                break;
            case MPOL_PREFERRED when nodes == 0:
                mode = MPOL_LOCAL;
                break;
            default:
                if (nodes == 0)
                    return -Errno.EINVAL;
                break;
        }
        policy = new NodePolicy(mode | flags, nodes);
        return 0;
    }

    /// <summary>Reads a mask of nodes (get_nodes): a bit of a node that does not exist is an error.</summary>
    private static int ReadNodes(Task task, ulong address, ulong maxnode, out ulong nodes)
    {
        nodes = 0;
        ulong bits = maxnode - 1;
        if (bits == 0 || maxnode == 0 || address == 0)
            return 0;
        if (bits > GuestPage.Size * 8)
            return -Errno.EINVAL;
        for (ulong word = 0; word * 64 < bits; word++)
        {
            if (!task.Memory.TryRead(address + (word * 8), out ulong value))
                return -Errno.EFAULT;
            ulong left = bits - (word * 64);
            if (left < 64)
                value &= (1UL << (int)left) - 1;
            if (word == 0)
                nodes = value & 1;
            if ((word == 0 ? value & ~1UL : value) != 0)
                return -Errno.EINVAL;
        }
        return 0;
    }

    /// <summary>Writes a mask of nodes (copy_nodes_to_user): whole words, zeros after the first.</summary>
    private static int WriteNodes(Task task, ulong address, ulong maxnode, ulong nodes)
    {
        ulong words = (maxnode - 1 + 63) / 64;
        if (words * 8 > GuestPage.Size)
            return -Errno.EINVAL;
        for (ulong word = 0; word < words; word++)
        {
            if (!task.Memory.TryWrite(address + (word * 8), word == 0 ? nodes : 0))
                return -Errno.EFAULT;
        }
        return 0;
    }

    private static bool IsMapped(Task task, ulong start, ulong end)
    {
        while (start < end)
        {
            if (task.Process.Mm.Space.Find(start) is not { } mapping)
                return false;
            start = mapping.End;
        }
        return true;
    }
}
