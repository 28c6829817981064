package repair

import (
	"context"
	"errors"
	"fmt"

	"hengjian/ingest/decode"
	"hengjian/warehouse"
	"hengjian/warehouse/contract"
)

// Effect is what decoding the sealed originals again would do, or did.
type Effect struct {
	Refused, Accepted uint64            // rows of the log that were read
	NowAccepted       uint64            // refused rows that are accepted now
	StillRefused      map[string]uint64 // refused rows by present reason
	NowRefused        map[string]uint64 // accepted rows that would be refused now, by reason
	Unreadable        uint64            // rows whose key was destroyed
	Replayed          uint64            // refused rows that came in again
}

// Redecode decodes every sealed original of a record type by the present
// contract and decoder (重新解码) and tells the effect; with an act given, refused
// records that are accepted now come in again. Accepted rows are only counted:
// what stands stays until its sender corrects it.
func (d *Desk) Redecode(ctx context.Context, t *contract.Type, apply *Act) (Effect, error) {
	e := Effect{StillRefused: map[string]uint64{}, NowRefused: map[string]uint64{}}
	if apply != nil {
		if err := apply.check(); err != nil {
			return e, err
		}
	}
	decoder, err := decode.New(t, d.deps.Decode)
	if err != nil {
		return e, err
	}
	var good []Place
	err = d.originals(ctx, t, func(p Place, refused bool, key string, sealed []byte) error {
		message, err := d.deps.Vault.Open(ctx, key, sealed)
		var known *warehouse.Error
		if errors.As(err, &known) && known.Code == warehouse.NotFound {
			e.Unreadable++
			return nil
		} else if err != nil {
			return fmt.Errorf("open %s: %w", p, err)
		}
		reason, err := d.again(ctx, decoder, t, p, message)
		if err != nil {
			return err
		}
		e.note(refused, reason)
		if refused && reason == "" {
			good = append(good, p)
		}
		return nil
	})
	if err != nil || apply == nil {
		return e, err
	}
	for _, p := range good {
		message, err := d.Show(ctx, p)
		if err != nil {
			return e, err
		}
		if _, err := d.replay(ctx, decoder, t, p, message, false, *apply); err != nil {
			return e, err
		}
		e.Replayed++
	}
	return e, nil
}

func (e *Effect) note(refused bool, reason string) {
	switch {
	case refused && reason == "":
		e.Refused++
		e.NowAccepted++
	case refused:
		e.Refused++
		e.StillRefused[reason]++
	default:
		e.Accepted++
		if reason != "" {
			e.NowRefused[reason]++
		}
	}
}

// again decodes one original without storing it; "" means accepted.
func (d *Desk) again(ctx context.Context, decoder *decode.Decoder, t *contract.Type, p Place, message []byte) (string, error) {
	block := decoder.NewBlock()
	at := decode.Coordinates{Stream: p.Stream, Offset: p.Offset, Topic: t.Topic(), Landed: d.deps.Now(), Batch: "redecode"}
	if err := decoder.Append(ctx, block, at, nil, message, nil); err != nil {
		return "", fmt.Errorf("decode %s: %w", p, err)
	}
	return decoder.Last().Reason, nil
}

// originals hands out every row that has sealed bytes and was not sent in again.
func (d *Desk) originals(ctx context.Context, t *contract.Type, each func(p Place, refused bool, key string, sealed []byte) error) error {
	rows, err := d.deps.DB.Query(ctx, "SELECT toString(stream), offset, status = 'refused', seal_key, sealed FROM `log_"+t.Name+
		"` WHERE sealed != '' AND (toString(stream), offset) NOT IN (SELECT stream, offset FROM replay WHERE record_type = {type:String}) ORDER BY stream, offset", warehouse.Param("type", t.Name))
	if err != nil {
		return fmt.Errorf("read the originals of %s: %w", t.Name, err)
	}
	defer rows.Close()
	for rows.Next() {
		p := Place{RecordType: t.Name}
		var refused uint8
		var key, sealed string
		if err := rows.Scan(&p.Stream, &p.Offset, &refused, &key, &sealed); err != nil {
			return fmt.Errorf("read the originals of %s: %w", t.Name, err)
		}
		if err := each(p, refused == 1, key, []byte(sealed)); err != nil {
			return err
		}
	}
	return rows.Err()
}
