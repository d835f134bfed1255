using System.Reflection.Emit;
using Faultline.Cpu.State;
using Faultline.Cpu.Table;
using Faultline.Memory;

namespace Faultline.Cpu.Translator;

// Guest memory: two checks and the tables inline; everything else leaves for the interpreter.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Operations with a memory operand.</summary>
    public const OperationFlags AnyMemory = OperationFlags.Memory0 | OperationFlags.Memory1 | OperationFlags.Memory2;

    /// <summary>The tables and their extent stay the same while a region runs: only system calls move them.</summary>
    private void LoadTables()
    {
        LoadState(nameof(CpuState.AddressMask));
        if (AtHome)
        {
            // Frames at home follow one another as pages do: the offset in a page does not matter.
            _il.Int64(~GuestPage.Mask);
            _il.Op(OpCodes.And);
        }
        _il.Store(_addressMask);
        LoadAlignments();
        if (AtHome)
        {
            LoadState(nameof(CpuState.HomeTable));
            _il.Store(_homeTable);
            LoadState(nameof(CpuState.HomeMask));
            _il.Store(_homeMask);
            return;
        }
        LoadState(nameof(CpuState.ReadTable));
        _il.Store(_readTable);
        LoadState(nameof(CpuState.WriteTable));
        _il.Store(_writeTable);
    }

    /// <summary>Pushes the linear address of the memory operand.</summary>
    /// <param name="distance">What is added to it.</param>
    private void PushAddress(long distance = 0) => PushAddress(withSegment: true, distance);

    /// <summary>Pushes the address of the memory operand, for LEA without the segment's base.</summary>
    private void PushAddress(bool withSegment, long distance = 0)
    {
        ref Operation op = ref _instruction.Op;
        bool any = false;
        ulong displacement = op.Displacement + (ulong)distance + (op.Base >> 3 == StackPointer ? (ulong)_at.StackOffset : 0);
        if (op.Base != CpuState.ZeroOffset)
        {
            _il.Load(Gpr(op.Base));
            any = true;
        }
        if (op.Index != CpuState.ZeroOffset)
        {
            _il.Load(Gpr(op.Index));
            if (op.Scale != 0)
            {
                _il.Int32(op.Scale);
                _il.Op(OpCodes.Shl);
            }
            if (any)
                _il.Op(OpCodes.Add);
            any = true;
        }
        if (displacement != 0 || !any)
        {
            _il.Int64(displacement);
            if (any)
                _il.Op(OpCodes.Add);
        }
        if ((op.Flags & OperationFlags.Address32) != 0)
        {
            _il.Op(OpCodes.Conv_U4);
            _il.Op(OpCodes.Conv_U8);
        }
        if (withSegment && op.Segment != CpuState.ZeroOffset)
        {
            _il.StateAddress(op.Segment);
            _il.Op(OpCodes.Ldind_I8);
            _il.Op(OpCodes.Add);
        }
    }

    /// <summary>
    /// Pops a guest address and pushes the host address of so many bytes there, which must lie in one page that the table has, or in two whose frames follow one another.
    /// Otherwise control leaves before the instruction.
    /// </summary>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether they are stored to.</param>
    /// <param name="group">Whether several accesses depend on it.</param>
    private void HostAddress(int size, bool write, bool group)
    {
        if (AtHome)
        {
            HomeAddress(size, write, AccessExit(mayMiss: true));
            return;
        }
        // Groups cross pages too often to do without the second look.
        bool onePage = !group && (_region.Assumes & Assumptions.OnePage) != 0;
        Label slow = AccessExit(onePage || group);
        TableAddress(size, write, slow, onePage || size == 1 ? slow : null);
    }

    /// <summary>The same by the flat tables.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether they are stored to.</param>
    /// <param name="slow">Where control goes when a page is not there.</param>
    /// <param name="crossing">Where it goes when the bytes lie in two pages or the address is beyond the table; null to look at both pages.</param>
    private void TableAddress(int size, bool write, Label slow, Label? crossing)
    {
        LocalBuilder address = _il.Rent(typeof(ulong));
        LocalBuilder host = _il.Rent(typeof(long));
        Label found = _il.Label();
        _il.Store(address);

        // One comparison for both: bits above the table, and an offset in the page too high for the size.
        _il.Load(address);
        _il.Load(_addressMask);
        _il.Op(OpCodes.And);
        _il.Int64((ulong)(GuestPage.Size - size));
        _il.Branch(OpCodes.Bgt_Un, crossing ?? LookAtBothPages(address, host, size, write, slow, found));

        PushByTable(address, host, write, slow);
        if (crossing is null)
        {
            _il.Store(host);
            _il.Mark(found);
            _il.Load(host);
        }
        _il.Op(OpCodes.Conv_U);
        _il.Release(address);
        _il.Release(host);
    }

    /// <summary>The same where pages are at home.</summary>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether they are stored to.</param>
    /// <param name="slow">Where control goes when they cannot be accessed so.</param>
    private void HomeAddress(int size, bool write, Label slow)
    {
        LocalBuilder address = _il.Rent(typeof(ulong));
        _il.Store(address);
        TestExtent(address, slow);
        if (HasSecondLook && size > 1)
        {
            Label again = _il.Label(), found = _il.Label();
            TestHome(address, size, write, pair: true, again);
            _il.Mark(found);
            _stubs.Enqueue(() =>
            {
                _il.Mark(again);
                TestHome(address, size, write, pair: false, slow);
                _il.Branch(OpCodes.Br, found);
            });
        }
        else
        {
            TestHome(address, size, write, InPairs, slow);
        }
        PushTurned(address);
        _il.Release(address);
    }

    /// <summary>Pushes the host address of what lies in one page below the end of the table, or goes to the exit.</summary>
    /// <param name="address">The guest address.</param>
    /// <param name="host">A local to compute in.</param>
    /// <param name="write">Whether it is stored to.</param>
    /// <param name="slow">The exit.</param>
    private void PushByTable(LocalBuilder address, LocalBuilder host, bool write, Label slow)
    {
        TakeEntry(address, host, write, slow);
        _il.Load(address);
        _il.Load(host);
        _il.Op(OpCodes.Add);
    }

    /// <summary>Puts the table's entry for an address into a local, or goes to the exit when there is none.</summary>
    private void TakeEntry(LocalBuilder address, LocalBuilder entry, bool write, Label slow)
    {
        LoadEntry(address, 0, write);
        _il.Store(entry);
        _il.Load(entry);
        _il.Branch(OpCodes.Brfalse, slow);
    }

    /// <summary>Pushes the host address of what is at home, or goes to the exit.</summary>
    /// <param name="address">The guest address.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="write">Whether they are stored to.</param>
    /// <param name="pair">Whether the byte of the first page is asked about the next page too; otherwise that of the page in which they end.</param>
    /// <param name="slow">The exit.</param>
    private void PushHome(LocalBuilder address, int size, bool write, bool pair, Label slow)
    {
        TestExtent(address, slow);
        PushIfAtHome(address, size, write, pair, slow);
    }

    /// <summary>The same of an address below the end of the table.</summary>
    private void PushIfAtHome(LocalBuilder address, int size, bool write, bool pair, Label slow)
    {
        TestHome(address, size, write, pair, slow);
        PushTurned(address);
    }

    /// <summary>Goes to a label when an address is beyond the end of the table.</summary>
    private void TestExtent(LocalBuilder address, Label slow)
    {
        _il.Load(address);
        _il.Load(_addressMask);
        _il.Op(OpCodes.And);
        _il.Branch(OpCodes.Brtrue, slow);
    }

    /// <summary>Pushes the host address of what is at home.</summary>
    private void PushTurned(LocalBuilder address)
    {
        _il.Load(address);
        Turn();
    }

    /// <summary>Pops the guest address of what is at home and pushes the host address.</summary>
    private void Turn()
    {
        _il.Load(_homeMask);
        _il.Op(OpCodes.Xor);
        _il.Op(OpCodes.Conv_U);
    }

    /// <summary>Goes to a label when what is at an address below the end of the table is not at home.</summary>
    private void TestHome(LocalBuilder address, int size, bool write, bool pair, Label slow)
    {
        PushHomeByte(0);
        if (size > 1 && !pair)
        {
            PushHomeByte(size - 1);
            _il.Op(OpCodes.And);
        }
        _il.Int32((write, size > 1 && pair) switch
        {
            (false, false) => FlatTables.HomeLoads,
            (true, false) => FlatTables.HomeStores,
            (false, true) => FlatTables.PairLoads,
            (true, true) => FlatTables.PairStores,
        });
        _il.Op(OpCodes.And);
        _il.Branch(OpCodes.Brfalse, slow);

        void PushHomeByte(long distance)
        {
            _il.Load(_homeTable);
            _il.Load(address);
            AddConstant(distance);
            _il.Int32(GuestPage.Shift);
            _il.Op(OpCodes.Shr_Un);
            _il.Op(OpCodes.Conv_U);
            _il.Op(OpCodes.Add);
            _il.Op(OpCodes.Ldind_U1);
        }
    }

    /// <summary>A label that leaves before an access that cannot be made here.</summary>
    /// <param name="mayMiss">Whether the reason may be something that the region assumes: then such exits are counted.</param>
    private Label AccessExit(bool mayMiss) => ExitBefore(mayMiss ? Assumptions.Accesses & _region.Assumes : Assumptions.None);

    private bool AtHome => (_region.Assumes & Assumptions.AtHome) != 0;

    /// <summary>Whether the current instruction's access is made by what the byte of its first page says about the next, and by nothing else.</summary>
    private bool InPairs => (_region.Assumes & Assumptions.PagePairs) != 0 && !_instruction.AsksBothPages;

    /// <summary>Whether, where that byte does not do, the page is asked in which the access ends.</summary>
    private bool HasSecondLook => (_region.Assumes & Assumptions.PagePairs) != 0 && _instruction.AsksBothPages;

    /// <summary>Out of line: leaves the host address in its local when both pages have the same entry.</summary>
    private Label LookAtBothPages(LocalBuilder address, LocalBuilder host, int size, bool write, Label slow, Label done)
    {
        Label label = _il.Label();
        _stubs.Enqueue(() =>
        {
            _il.Mark(label);
            _il.Load(address);
            AddConstant(size - 1);
            _il.Load(address);
            _il.Op(OpCodes.Or);
            _il.Load(_addressMask);
            _il.Op(OpCodes.And);
            _il.Int64(GuestPage.Size);
            _il.Branch(OpCodes.Bge_Un, slow);
            LoadEntry(address, 0, write);
            _il.Store(host);
            LoadEntry(address, size - 1, write);
            _il.Load(host);
            _il.Branch(OpCodes.Bne_Un, slow);
            _il.Load(host);
            _il.Branch(OpCodes.Brfalse, slow);
            _il.Load(address);
            _il.Load(host);
            _il.Op(OpCodes.Add);
            _il.Store(host);
            _il.Branch(OpCodes.Br, done);
        });
        return label;
    }

    /// <summary>Pushes the table's entry for the page at a distance from an address.</summary>
    private void LoadEntry(LocalBuilder address, long distance, bool write)
    {
        _il.Load(write ? _writeTable : _readTable);
        _il.Load(address);
        AddConstant(distance);
        _il.Int32(GuestPage.Shift);
        _il.Op(OpCodes.Shr_Un);
        _il.Int32(3);
        _il.Op(OpCodes.Shl);
        _il.Op(OpCodes.Conv_U);
        _il.Op(OpCodes.Add);
        _il.Op(OpCodes.Ldind_I8);
    }

    /// <summary>Pops a host address and pushes the integer there, zero-extended: an int32 up to 4 bytes.</summary>
    private void LoadInteger(int width) => _il.Guest(width switch { 1 => OpCodes.Ldind_U1, 2 => OpCodes.Ldind_U2, 4 => OpCodes.Ldind_U4, _ => OpCodes.Ldind_I8 });

    /// <summary>Pops an integer and, below it, a host address, and stores it.</summary>
    private void StoreInteger(int width) => _il.Guest(width switch { 1 => OpCodes.Stind_I1, 2 => OpCodes.Stind_I2, 4 => OpCodes.Stind_I4, _ => OpCodes.Stind_I8 });

    /// <summary>Pushes the host address of the explicit memory operand; control leaves before the instruction where that cannot be accessed at once.</summary>
    private void PushHost(int size, bool write) => PushHost(_instruction.Operand, size, write, StackFlow.DistanceOf(_instruction), PushAddress);

    /// <summary>The same of what the instruction pushes or pops.</summary>
    /// <param name="register">The register that the address follows from.</param>
    /// <param name="distance">What is added to it.</param>
    /// <param name="write">Whether it is stored to.</param>
    private void PushHostOfStack(ushort register, long distance, bool write) => PushHost(_instruction.Stack, 8, write, register >> 3 == StackPointer ? distance : null, more =>
    {
        PushGpr(register, 8);
        AddConstant(distance + more);
    });

    /// <summary>The same of any access.</summary>
    /// <param name="access">The access as a member of a group.</param>
    /// <param name="size">Its bytes.</param>
    /// <param name="write">Whether it stores.</param>
    /// <param name="top">How far from RSP; null when its address follows from something else.</param>
    /// <param name="pushAddress">Pushes its guest address with something added.</param>
    private void PushHost(GroupedAccess access, int size, bool write, long? top, Action<long> pushAddress)
    {
        if (!IsShared(access, size, write))
        {
            pushAddress(0);
            if (IsInWindow(top, size))
                Turn();
            else
                HostAddress(size, write, group: false);
            return;
        }
        MemoryGroup group = access.Group!;
        if (!IsChecked(group))
        {
            group.Host ??= _il.Rent(typeof(nint));
            pushAddress(group.Start - access.Start);
            int span = (int)(group.End - group.Start);
            if (IsInWindow(top + (group.Start - access.Start), span))
                Turn();
            else
                HostAddress(span, group.Writes, group: !group.IsOneAccess);
            _il.Store(group.Host);
            _at = _at with { Checked = new CheckedGroup(group, _at.Checked) };
        }
        _il.Load(group.Host!);
        if (access.Start != group.Start)
        {
            _il.Int32((int)(access.Start - group.Start));
            _il.Op(OpCodes.Add);
        }
    }

    /// <summary>Whether an access goes by the check of a group: one that has passed, or passes for later accesses too.</summary>
    private bool IsShared(GroupedAccess access, int size, bool write) =>
        access.Group is { } group && group.Covers(access.Start, size, write) && (group.Remaining > 1 || IsChecked(group));

    private bool IsChecked(MemoryGroup group)
    {
        for (CheckedGroup? at = _at.Checked; at is not null; at = at.Others)
        {
            if (at.Group == group)
                return true;
        }
        return false;
    }

    /// <summary>After the code of an instruction: a group without further accesses gives its local back.</summary>
    private void LeaveGroups()
    {
        Leave(_instruction.Operand.Group);
        Leave(_instruction.Stack.Group);

        void Leave(MemoryGroup? group)
        {
            if (group is not null && --group.Remaining == 0 && group.Host is { } host)
                _il.Release(host);
        }
    }

    /// <summary>Adds a constant to the integer of 8 bytes on the stack.</summary>
    private void AddConstant(long value)
    {
        if (value == 0)
            return;
        _il.Int64((ulong)value);
        _il.Op(OpCodes.Add);
    }

    /// <summary>Pushes the memory operand's value.</summary>
    private void PushMemory(int width)
    {
        PushHost(width, write: false);
        LoadInteger(width);
    }
}
