using System.Reflection.Emit;
using System.Runtime.Intrinsics;
using Faultline.Memory;
using Label = System.Reflection.Emit.Label;

namespace Faultline.Cpu.Translator;

// Vectors across two pages. Library functions that read strings and blocks a vector at a time come to one on every page, too often to leave the region for it.
internal sealed unsafe partial class RegionTranslator
{
    /// <summary>Room for two vectors side by side.</summary>
    private LocalBuilder? _bothPages;

    /// <summary>For what is out of line only: locals that are rented there may be in use where control comes back to.</summary>
    private LocalBuilder? _border, _firstPage, _secondPage;

    /// <summary>Pushes an unaligned memory operand of 16 or 32 bytes.</summary>
    private void PushUnalignedVector(Type type)
    {
        int size = type == s_v256 ? 32 : 16;
        if (IsShared(_instruction.Operand, size, write: false))
        {
            PushHost(size, write: false);
            _il.GuestObject(OpCodes.Ldobj, type);
            return;
        }
        if (AtHome && !InPairs)
        {
            PushAddress();
            HomeAddress(size, write: false, AccessExit(mayMiss: true));
            _il.GuestObject(OpCodes.Ldobj, type);
            return;
        }
        LocalBuilder value = _il.Rent(type), address = _il.Rent(typeof(ulong));
        Label again = _il.Label(), done = _il.Label(), slow = AccessExit(mayMiss: AtHome);
        PushAddress();
        _il.Store(address);
        if (AtHome)
        {
            PushHome(address, size, write: false, pair: true, again);
        }
        else
        {
            _il.Load(address);
            TableAddress(size, write: false, again, again);
        }
        _il.GuestObject(OpCodes.Ldobj, type);
        _il.Store(value);
        _il.Mark(done);
        _il.Load(value);
        _stubs.Enqueue(() =>
        {
            _il.Mark(again);
            if (AtHome)
            {
                // It may end in its page, whatever the next one is.
                PushHome(address, size, write: false, pair: false, slow);
                _il.GuestObject(OpCodes.Ldobj, type);
                _il.Store(value);
            }
            else
            {
                EmitCrossingLoad(type, size, address, value, slow);
            }
            _il.Branch(OpCodes.Br, done);
        });
        _il.Release(value);
        _il.Release(address);
    }

    /// <summary>Loads the end of one page and the start of the next, stores both side by side, and loads the value from between.</summary>
    private void EmitCrossingLoad(Type type, int size, LocalBuilder address, LocalBuilder value, Label slow)
    {
        _bothPages ??= _il.Local(typeof(Vector512<byte>));
        LocalBuilder border = _border ??= _il.Local(typeof(ulong)), first = _firstPage ??= _il.Local(typeof(ulong)), second = _secondPage ??= _il.Local(typeof(ulong));
        _il.Load(address);
        _il.Int64((ulong)size - 1);
        _il.Op(OpCodes.Add);
        _il.Int64(~(ulong)GuestPage.Mask);
        _il.Op(OpCodes.And);
        _il.Store(border);

        // Where it does not cross, the border is not above it. Neither page may lie beyond the table.
        _il.Load(border);
        _il.Load(address);
        _il.Branch(OpCodes.Ble_Un, slow);
        _il.Load(border);
        _il.Load(_addressMask);
        _il.Op(OpCodes.And);
        _il.Branch(OpCodes.Brtrue, slow);
        TakeEntry(address, first, write: false, slow);
        TakeEntry(border, second, write: false, slow);

        PushBoth();
        _il.Load(border);
        _il.Load(first);
        _il.Op(OpCodes.Add);
        _il.Int64((ulong)size);
        _il.Op(OpCodes.Sub);
        _il.Op(OpCodes.Conv_U);
        _il.GuestObject(OpCodes.Ldobj, type);
        _il.Object(OpCodes.Stobj, type);
        PushBoth();
        _il.Int32(size);
        _il.Op(OpCodes.Add);
        _il.Load(border);
        _il.Load(second);
        _il.Op(OpCodes.Add);
        _il.Op(OpCodes.Conv_U);
        _il.GuestObject(OpCodes.Ldobj, type);
        _il.Object(OpCodes.Stobj, type);
        PushBoth();
        _il.Int32(size);
        _il.Op(OpCodes.Add);
        _il.Load(address);
        _il.Op(OpCodes.Conv_U);
        _il.Op(OpCodes.Add);
        _il.Load(border);
        _il.Op(OpCodes.Conv_U);
        _il.Op(OpCodes.Sub);
        _il.Object(OpCodes.Ldobj, type);
        _il.Store(value);

        void PushBoth()
        {
            _il.LoadAddress(_bothPages);
            _il.Op(OpCodes.Conv_U);
        }
    }
}
